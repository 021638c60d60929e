"""The views, a module per page or small group of pages. Each ends with its own ``urlpatterns``."""
