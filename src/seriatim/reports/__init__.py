"""Read models: what pages, answers and exports show, put together from the other packages' selectors."""
