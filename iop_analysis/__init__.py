"""Who can actually use an intensive outpatient program (IOP)? Public files in, defensible tables out."""

__version__ = "0.1.0"
