// The browsable description of the API.

const place = document.querySelector("#docs");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.description,
  // What is tried out without a token is asked for by whoever is signed in.
  requestInterceptor: (request) => {
    if (!request.headers.Authorization) request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
