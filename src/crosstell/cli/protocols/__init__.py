"""The commands about protocol documents, and their words in English and Turkish."""
