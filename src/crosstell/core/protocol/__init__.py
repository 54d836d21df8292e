"""The one document the parties sign: who, where, which rules, which times; and who signed it."""
