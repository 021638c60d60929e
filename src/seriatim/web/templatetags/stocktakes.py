"""What documents know of stocktakes: ``{% load stocktakes %}{% stocktake_behind document as number %}``."""

from django import template

from seriatim.stocktakes import selectors

register = template.Library()

register.simple_tag(selectors.stocktake_behind)
