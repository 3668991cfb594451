"""What every page of a firm needs around its content."""

from typing import cast

from django import template
from django.template import Context

from rivet.pages.menu import Item, items
from rivet.tenants.access import TenantRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[Item]:
    request = cast(TenantRequest, context["request"])
    return items(slug=request.tenant.slug, path=request.path)
