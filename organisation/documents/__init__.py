"""Documents that leave Parvis as files: minutes, reports. One content, written as PDF and as ODT."""

from organisation.documents.content import Block, Document, Facts, Heading, Items, Paragraph, Table
from organisation.documents.odt import as_odt
from organisation.documents.pdf import as_pdf

__all__ = ["Block", "Document", "Facts", "Heading", "Items", "Paragraph", "Table", "as_odt", "as_pdf"]
