"""A naive model of the whole, and a machine that compares what it predicts with what the services do."""
