package org.qrm.http.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.qrm.api.server.ServerSettings;

/**
 * Gives a request that comes through a proxy which the administrator trusts the address of who sent it. Anybody can write the
 * header, so it counts as far as trusted proxies have written it: from the right, up to the first address that is not one of them.
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterName("qrm-real-client")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class RealClient implements Filter {

    private static final String HEADER = "X-Forwarded-For";
    /** With the port that some proxies add. */
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\]]*)](:[0-9]+)?|([0-9.]+):[0-9]+");

    private final Networks proxies;

    @Activate
    public RealClient(@Reference ServerSettings settings) {
        this(settings.trustedProxies());
    }

    RealClient(List<String> proxies) {
        this.proxies = new Networks(proxies);
    }

    @Override
    public void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String peer = request.getRemoteAddr();
        String client = proxies.isEmpty() ? peer : client(peer, http.getHeaders(HEADER));
        chain.doFilter(client.equals(peer) ? request : new From(http, client), response);
    }

    @Override
    public void destroy() {
        // nothing to clean up
    }

    /**
     * Where a request comes from.
     *
     * @param headers null when the container does not tell
     */
    String client(String peer, Enumeration<String> headers) {
        String client = peer;
        List<String> hops = headers == null
                ? List.of()
                : List.of(String.join(",", Collections.list(headers)).split(",", -1));
        for (int i = hops.size() - 1; i >= 0 && isProxy(client); i--) {
            Optional<InetAddress> before =
                    Networks.address(withoutPort(hops.get(i).trim()));
            if (before.isEmpty()) {
                break;
            }
            client = before.get().getHostAddress();
        }
        return client;
    }

    private boolean isProxy(String address) {
        return Networks.address(withoutPort(address)).filter(proxies::contains).isPresent();
    }

    private static String withoutPort(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        return matcher.group(1) == null ? matcher.group(3) : matcher.group(1);
    }

    /** A request as from somebody else. */
    private static final class From extends HttpServletRequestWrapper {
        private final String client;

        From(HttpServletRequest request, String client) {
            super(request);
            this.client = client;
        }

        @Override
        public String getRemoteAddr() {
            return client;
        }

        @Override
        public String getRemoteHost() {
            return client;
        }
    }
}
