"""The library of documents on a page: its list, a document, two compared; used by portal and console."""
