package org.qrm.http.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Closes a connection soon after an answer that says {@code Connection: close} is out. Jetty by itself reads what is left of the
 * request for as long as it arrives fast enough: a body without an end would hold a thread for ever. Closing at once would not
 * do: the answer is lost to whoever is still sending (RFC 9112, section 9.6).
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterName("qrm-hangup")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class Hangup implements Filter, AsyncListener {

    private static final long LINGER_SECONDS = 3;

    @Override
    public void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.isAsyncStarted()) {
            request.getAsyncContext().addListener(this, request, response);
        } else if (isLast(response)) {
            response.flushBuffer();
            hangUp(request);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        if (isLast(event.getSuppliedResponse())) {
            hangUp(event.getSuppliedRequest());
        }
    }

    private static boolean isLast(ServletResponse response) {
        return "close".equals(((HttpServletResponse) response).getHeader("Connection"));
    }

    /** Closes the connection when whoever is at its other end has had time to read the answer. */
    static void hangUp(ServletRequest request) {
        HttpChannel channel = Request.getBaseRequest(request).getHttpChannel();
        channel.getScheduler().schedule(channel.getEndPoint()::close, LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void destroy() {
        // nothing to clean up
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // completes, or fails
    }

    @Override
    public void onError(AsyncEvent event) {
        // completes
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this, event.getSuppliedRequest(), event.getSuppliedResponse());
    }
}
