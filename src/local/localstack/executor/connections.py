"""Keeps connections to the Kinesis engine: LocalStack opens one for each request (4.14.0, aws/forwarder.py), a quarter of its work."""

from after_import import after_import

CONNECTIONS = 100
"""LocalStack handles requests in threads; with more at a time, the others have a connection of their own, as before."""


def keep():
    after_import("localstack.aws.forwarder", reuse)


def reuse(forwarder):
    from requests.adapters import HTTPAdapter

    proxies = {}

    def proxy_to(url):
        if url not in proxies:
            proxy = forwarder.AwsRequestProxy(url)
            proxy.proxy.client.session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
            proxies[url] = proxy
        return proxies[url]

    def get_request_forwarder_http(forward_url_getter):
        def forward(context, service_request=None):
            url = forward_url_getter(context.account_id, context.region)
            return proxy_to(url).forward(context, service_request)

        return forward

    forwarder.get_request_forwarder_http = get_request_forwarder_http
