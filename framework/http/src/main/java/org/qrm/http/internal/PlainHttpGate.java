package org.qrm.http.internal;

import java.io.IOException;
import java.util.Set;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Every servlet is reachable on both ports. This refuses on the plain one whatever is not public by design: a password
 * or a token must not cross the network readable because someone mistyped a port.
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterName("qrm-plain-http-gate")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class PlainHttpGate implements Filter {

    private static final Set<String> PUBLIC = Set.of("/healthz", "/readyz", "/boot");

    @Override
    public void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.isSecure() || isPublic(((HttpServletRequest) request).getRequestURI())) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse refusal = (HttpServletResponse) response;
        refusal.setStatus(HttpServletResponse.SC_FORBIDDEN);
        refusal.setContentType("text/plain;charset=utf-8");
        refusal.setHeader("Connection", "close");
        refusal.getWriter().println("Only boot files and health are served over plain HTTP; use HTTPS.");
    }

    @Override
    public void destroy() {
        // nothing to clean up
    }

    /** By the path as it was sent: {@code /boot/../api} does not pass, and neither does an escaped form of it. */
    static boolean isPublic(String path) {
        return PUBLIC.contains(path)
                || path.startsWith("/boot/") && !path.contains("..") && !path.contains("%2e") && !path.contains("%2E");
    }
}
