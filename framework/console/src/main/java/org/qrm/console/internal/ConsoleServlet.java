package org.qrm.console.internal;

import java.io.IOException;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The files of the web console, and of its plug-ins' parts. What they show they ask of REST, with the rights of whoever has logged in. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("qrm-console")
@HttpWhiteboardServletPattern({"/", "/console/*"})
public final class ConsoleServlet extends HttpServlet {

    static final String ROOT = "/console/";
    private static final long serialVersionUID = 1L;

    /** Scripts and styles of this server alone, nothing inline; images of the style sheet are in it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final transient WebFiles files = new WebFiles(name -> ConsoleServlet.class.getResource("web/" + name));
    private final transient Extensions extensions;

    @Activate
    public ConsoleServlet(@Reference Extensions extensions) {
        this.extensions = extensions;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (path.equals("/") || path.equals("/console")) {
            // a path alone, which sendRedirect does not leave as it is: the server need not know by which name it was
            // asked
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", request.getContextPath() + ROOT);
            return;
        }
        // also asked for whatever no other servlet knows
        WebFiles.WebFile file =
                path.startsWith(ROOT) ? find(path.substring(ROOT.length())).orElse(null) : null;
        if (file == null) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter().println("There is no such page; the console is at " + ROOT + ".");
            return;
        }
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", file.tag());
        if (file.tag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        response.setContentLength(file.content().length);
        response.getOutputStream().write(file.content());
    }

    private Optional<WebFiles.WebFile> find(String path) {
        if (path.equals("parts.json")) {
            return Optional.of(extensions.parts());
        }
        return path.startsWith(Extensions.FOLDER)
                ? extensions.find(path.substring(Extensions.FOLDER.length()))
                : files.find(path.isEmpty() ? "index.html" : path);
    }
}
