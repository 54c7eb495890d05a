package org.qrm.http.internal;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.qrm.api.server.ServerSettings;

/**
 * Answers only to the server's own names, before anything else of ours looks at a request. Whoever gives a name of his own the server's
 * address (DNS rebinding) would have browsers inside the network send requests, and read answers, for his pages. An address in
 * place of a name cannot be made to lead elsewhere, so each is taken: the one that a NAT in front has is not known here.
 */
@Component(service = Filter.class, property = "service.ranking:Integer=1000")
@HttpWhiteboardFilterName("qrm-own-names")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class OwnNames implements Filter {

    private static final int SC_MISDIRECTED_REQUEST = 421;
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]*)?");
    /** A year (RFC 6797); for this name alone, and a browser leaves it aside for addresses. */
    private static final String HTTPS_ALONE = "max-age=31536000";

    private final Set<String> names;

    @Activate
    public OwnNames(@Reference ServerSettings settings) {
        this(settings.names());
    }

    OwnNames(Set<String> names) {
        this.names = names;
    }

    @Override
    public void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        if (request.isSecure()) {
            answer.setHeader("Strict-Transport-Security", HTTPS_ALONE);
        }
        List<String> hosts = Collections.list(asked.getHeaders("Host"));
        if (asked.getMethod().equals("CONNECT")) {
            refuse(request, answer, HttpServletResponse.SC_NOT_IMPLEMENTED, "This server is no proxy.");
        } else if (hosts.size() > 1) {
            refuse(request, answer, HttpServletResponse.SC_BAD_REQUEST, "The request has more than one Host header.");
        } else if (hosts.stream().allMatch(this::isOwn) && isOwn(target(asked))) {
            chain.doFilter(request, response);
        } else {
            refuse(
                    request,
                    answer,
                    SC_MISDIRECTED_REQUEST,
                    "This server does not go by that name. Ask it by its address, or add the name to QRM_NAMES"
                            + " (etc/qrm.cfg, or the environment) and restart it.");
        }
    }

    @Override
    public void destroy() {
        // nothing to clean up
    }

    /** What the request line names (RFC 9112, 3.2.2), else the Host header, else the address at which it arrived. */
    private static String target(HttpServletRequest request) {
        String name = request.getServerName();
        return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    /** @param host as in the header: a name or an address, and maybe a port */
    boolean isOwn(String host) {
        Matcher matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group(1);
        String address = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        if (Networks.address(address).isPresent()) {
            return true;
        }
        String lower = (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        return names.contains(lower) || dot > 0 && names.contains("*" + lower.substring(dot));
    }

    private static void refuse(ServletRequest request, HttpServletResponse response, int status, String reason)
            throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Connection", "close");
        response.getWriter().println(reason);
        response.flushBuffer();
        Hangup.hangUp(request);
    }
}
