"""Reports: records in, PDF bytes out. Never Streamlit, never the database."""
