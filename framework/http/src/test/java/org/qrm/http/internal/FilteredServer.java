package org.qrm.http.internal;

import java.util.EnumSet;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.Servlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.rules.ExternalResource;

/** Jetty with a filter before a test's servlets. */
final class FilteredServer extends ExternalResource {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /** @param servlets by the pattern of their paths */
    FilteredServer(Filter filter, Map<String, Servlet> servlets) {
        ServletContextHandler context = new ServletContextHandler();
        FilterHolder before = new FilterHolder(filter);
        before.setAsyncSupported(true);
        context.addFilter(before, "/*", EnumSet.of(DispatcherType.REQUEST));
        servlets.forEach((pattern, servlet) -> {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, pattern);
        });
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    protected void before() throws Exception {
        server.start();
    }

    @Override
    protected void after() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("Jetty did not stop", e);
        }
    }
}
