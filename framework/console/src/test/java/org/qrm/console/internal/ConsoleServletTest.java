package org.qrm.console.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class ConsoleServletTest {

    private static final Pattern NEEDED =
            Pattern.compile("(?:from |href=|src=|import[ (])[\"'](\\.{0,2}/?[a-z./-]+)[\"']");

    private final Server server = new Server();
    private final Extensions extensions = new Extensions();
    private final ServerConnector connector = new ServerConnector(server);

    @Before
    public void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(new ConsoleServlet(extensions));
        context.addServlet(holder, "/console/*");
        context.addServlet(holder, "/");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    @Test
    public void theRootLeadsToTheConsole() throws Exception {
        HttpResponse<String> answer = get("/", "");
        assertEquals(302, answer.statusCode());
        assertTrue(answer.headers().firstValue("location").orElseThrow().endsWith("/console/"));
    }

    @Test
    public void aFileIsSentOnce() throws Exception {
        HttpResponse<String> first = get("/console/app.js", "");
        assertEquals(200, first.statusCode());
        assertEquals(
                "text/javascript;charset=utf-8",
                first.headers().firstValue("content-type").orElseThrow());
        String tag = first.headers().firstValue("etag").orElseThrow();
        assertEquals(304, get("/console/app.js", tag).statusCode());
        assertEquals(200, get("/console/index.html", tag).statusCode());
    }

    @Test
    public void nothingInlineAndNothingOfOthers() throws Exception {
        HttpResponse<String> page = get("/console/", "");
        String policy = page.headers().firstValue("content-security-policy").orElseThrow();
        assertTrue(policy, policy.contains("default-src 'none'") && policy.contains("script-src 'self';"));
        assertFalse(policy, policy.contains("unsafe"));
        assertFalse(page.body(), page.body().contains("http:") || page.body().contains("style=\""));
    }

    @Test
    public void whatFilesNameIsThere() throws Exception {
        int seen = follow("/console/", "/console/index.html", new java.util.HashSet<>());
        assertTrue("files: " + seen, seen > 8);
    }

    private int follow(String base, String path, java.util.Set<String> seen) throws Exception {
        if (!seen.add(path)) {
            return 0;
        }
        HttpResponse<String> file = get(path, "");
        assertEquals(path, 200, file.statusCode());
        int count = 1;
        if (path.contains("/lib/") || path.endsWith(".css")) {
            return count;
        }
        Matcher names = NEEDED.matcher(file.body());
        while (names.find()) {
            count += follow(base, URI.create(path).resolve(names.group(1)).getPath(), seen);
        }
        return count;
    }

    @Test
    public void nothingElseIsServed() throws Exception {
        for (String path : new String[] {
            "/console/../ConsoleServlet.class",
            "/console/%2e%2e/WebFiles.class",
            "/console/WebFiles.class",
            "/console/pages/../app.js.map",
            "/console/none.js",
            "/elsewhere",
            "/console/lib/"
        }) {
            assertTrue(path, get(path, "").statusCode() >= 400);
        }
    }

    private HttpResponse<String> get(String path, String tag) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
