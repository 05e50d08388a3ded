"""Charts: a table in, an altair chart out. Never Streamlit, never the database.

Show them with `st.altair_chart(chart, theme=None, alt=...)`: Streamlit's own theme would replace
fonts and colours, and the alt text is what a screen reader says.
"""
