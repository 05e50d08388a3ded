"""The database: tables, and the only way in and out of them. Never Streamlit."""
