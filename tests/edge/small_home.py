"""The smallest Home.py: one screen behind the gate, for `uvicorn tests.edge.small_home:app`."""

import streamlit as st

if __name__ == "__main__":
    st.title("Geheimes")
    st.text(f"Sitzung {st.context.headers.get('X-Kisi-Session')}")
else:
    from kisi.server import MIDDLEWARE, ROUTES, lifespan, on_script_error

    app = st.App(
        __file__,
        routes=ROUTES,
        middleware=MIDDLEWARE,
        lifespan=lifespan,
        on_script_error=on_script_error,
    )
