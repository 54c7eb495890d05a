package org.qrm.http.internal;

import java.io.IOException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/** Meets Jetty with the first request, since nothing hands it out; requests go through as they are. */
abstract class JettyFilter implements Filter {

    private volatile Server server;

    /** Before the first request is answered; once for each server, though two may come at a time. */
    abstract void met(Server jetty);

    /** As it was met last, or null. */
    final Server server() {
        return server;
    }

    @Override
    public final void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Request base = server == null ? Request.getBaseRequest(request) : null;
        if (base != null) {
            meet(base.getHttpChannel().getServer());
        }
        chain.doFilter(request, response);
    }

    private synchronized void meet(Server jetty) {
        if (server == null) {
            met(jetty);
            server = jetty;
        }
    }

    @Override
    public final void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public final void destroy() {
        // nothing to clean up
    }
}
