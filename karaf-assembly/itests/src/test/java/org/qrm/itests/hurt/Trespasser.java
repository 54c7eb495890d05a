package org.qrm.itests.hurt;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Wants to answer on the server's ports in every way that the web server knows, with the word {@code trespassed}; what it says itself of the
 * web server is put down in {@code QRM_DATA/trespasser}.
 */
public final class Trespasser implements BundleActivator {

    private static final String SERVLET = "javax.servlet.Servlet";
    private static final String FILTER = "javax.servlet.Filter";
    private static final String PAX = "org.ops4j.pax.web.service.whiteboard.";
    private static final String WHITEBOARD = "osgi.http.whiteboard.";

    @Override
    public void start(BundleContext context) throws Exception {
        context.registerService(
                SERVLET, made(SERVLET), properties(WHITEBOARD + "servlet.pattern", "/trespass/servlet"));
        context.registerService(SERVLET, made(SERVLET), properties("alias", "/trespass/alias"));
        context.registerService(FILTER, made(FILTER), properties(WHITEBOARD + "filter.pattern", "/*"));
        context.registerService(
                "javax.servlet.ServletRequestListener",
                made("javax.servlet.ServletRequestListener"),
                properties(WHITEBOARD + "listener", "true"));
        Dictionary<String, Object> resource = properties(WHITEBOARD + "resource.pattern", "/trespass/resource/*");
        resource.put(WHITEBOARD + "resource.prefix", "/OSGI-INF");
        context.registerService(Object.class.getName(), new Object(), resource);
        context.registerService(PAX + "ServletMapping", made(PAX + "ServletMapping"), properties("name", "mapping"));
        String seen = "";
        for (String service :
                new String[] {"org.osgi.service.http.HttpService", "org.ops4j.pax.web.service.WebContainer"}) {
            seen += context.getServiceReference(service) == null ? "" : service + " ";
        }
        Files.writeString(Path.of(System.getenv("QRM_DATA"), "trespasser"), seen);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework takes away what is registered
    }

    private static Dictionary<String, Object> properties(String key, String value) {
        return new Hashtable<>(Map.of(key, value));
    }

    private static Object made(String type) throws ClassNotFoundException {
        InvocationHandler answers = (self, method, given) -> switch (method.getName()) {
            case "service" -> answer(given[1]);
            case "doFilter" -> answer(given[1]);
            case "requestInitialized" -> Files.writeString(Path.of(System.getenv("QRM_DATA"), "trespassed"), "");
            case "getServlet" -> made(SERVLET);
            case "getServletName", "getContextSelectFilter", "getContextId", "toString" -> "trespasser";
            case "getUrlPatterns" -> new String[] {"/trespass/mapping"};
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == given[0];
            default -> nothing(method.getReturnType());
        };
        return Proxy.newProxyInstance(Trespasser.class.getClassLoader(), new Class<?>[] {Class.forName(type)}, answers);
    }

    private static Object answer(Object response) throws ReflectiveOperationException, IOException {
        PrintWriter writer =
                (PrintWriter) response.getClass().getMethod("getWriter").invoke(response);
        writer.print("trespassed");
        return null;
    }

    private static Object nothing(Class<?> type) {
        return type == boolean.class ? Boolean.FALSE : type == int.class ? Integer.valueOf(0) : null;
    }
}
