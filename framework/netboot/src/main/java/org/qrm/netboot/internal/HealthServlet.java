package org.qrm.netboot.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /healthz}: the process is alive. {@code /readyz}: it can do its work; 503 with a line for each thing that was
 * looked at. Both are public, so reasons are for who asks on the server itself, and in the log.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("org.qrm.netboot.health")
@HttpWhiteboardServletPattern({"/healthz", "/readyz"})
public final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    private final transient Readiness readiness;

    @Activate
    public HealthServlet(@Reference Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals("/healthz")) {
            text(response, 200, "alive\n");
            return;
        }
        Readiness.Outcome outcome = readiness.now();
        List<String> lines = isFromHere(request) ? outcome.linesWithReasons() : outcome.lines();
        text(response, outcome.ready() ? 200 : 503, String.join("\n", lines) + "\n");
    }

    /** A proxy on this host asks for somebody else, and says so. */
    private static boolean isFromHere(HttpServletRequest request) {
        return request.getRemoteAddr().equals(request.getLocalAddr())
                && FORWARDED.stream().allMatch(header -> request.getHeader(header) == null);
    }

    private static void text(HttpServletResponse response, int status, String text) throws IOException {
        Answers.send(response, status, text.getBytes(StandardCharsets.UTF_8), false);
    }
}
