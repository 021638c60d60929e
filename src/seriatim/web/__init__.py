"""The pages: a door over services and selectors. Knows requests, templates and words; decides nothing."""
