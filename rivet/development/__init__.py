"""What a developer's machine needs and a production one has already: servers, assets, one terminal.

Nothing of the product imports this package.
"""
