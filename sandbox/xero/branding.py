"""The one branding theme of an organisation: what its sales documents look like unless they name another."""

from sandbox.wire import Body

THEME_ID = "7889a0ac-0000-4000-8000-9a769b1a18af"
STANDARD: Body = {
    "BrandingThemeID": THEME_ID,
    "Name": "Standard",
    "LogoUrl": "",
    "Type": "INVOICE",
    "SortOrder": 0,
    "CreatedDateUTC": "/Date(946684800000+0000)/",
}
