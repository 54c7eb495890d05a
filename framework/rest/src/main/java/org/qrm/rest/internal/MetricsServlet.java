package org.qrm.rest.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.MetricsText;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Counts;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.http.ProblemAnswer;

/** Figures for Prometheus, in its own text format or as OpenMetrics. A part that is absent leaves its figures out. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("qrm-metrics")
@HttpWhiteboardServletPattern("/metrics")
public final class MetricsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final transient Authentication authentication;
    private final transient MetricsText figures;

    @Activate
    public MetricsServlet(
            @Reference ApiServices services,
            @Reference Authentication authentication,
            @Reference Metrics metrics,
            @Reference MetricsText figures) {
        this.authentication = authentication;
        this.figures = figures;
        Counts counts = new Counts(services);
        metrics.gauges("qrm_resources", "Resources by state.", "state", counts::resources);
        metrics.gauges("qrm_virtual_environments", "Virtual environments by state.", "state", counts::environments);
        metrics.gauges("qrm_operations", "Operations by state.", "state", counts::operations);
        metrics.counted(
                "qrm_events_total",
                "Events recorded so far.",
                () -> services.eventLog().newest());
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Accept");
        try {
            SecureOnly.check(request);
            authentication.authenticate(request).requireOwnPassword();
            send(request, response);
        } catch (QrmException e) {
            ProblemAnswer.send(request, response, e);
        } catch (RuntimeException e) {
            ProblemAnswer.sendUnexpected(request, response, e);
        }
    }

    private void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accepted = request.getHeader("Accept");
        boolean openMetrics = accepted != null && accepted.contains(OPEN_METRICS);
        byte[] text = figures.text(openMetrics).getBytes(StandardCharsets.UTF_8);
        response.setContentType(openMetrics ? MetricsText.OPEN_METRICS : MetricsText.PROMETHEUS);
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
    }
}
