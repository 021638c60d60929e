"""Labels: from a thing of ours to something printable. Knows templates, codes, media and printers; changes no stock.

The inner modules are pure (media, fields, templates, contents, codes, fonts, layout, zpl, pdf, pictures): values in,
values out, everything in millimetres. The outer ones (models, services, selectors, things, sending) know the database
and the network.
"""
