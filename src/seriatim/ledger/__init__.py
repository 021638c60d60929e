"""Units, movements and quantities. The only writer of them; knows nothing of documents but their lines' ids."""
