package org.qrm.rest.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
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
import org.qrm.commands.ApiServices;
import org.qrm.commands.Counts;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.http.ProblemAnswer;

/** Figures for Prometheus (text exposition format 0.0.4). A part that is absent leaves its figures out. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("qrm-metrics")
@HttpWhiteboardServletPattern("/metrics")
public final class MetricsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ApiServices services;
    private final transient Counts counts;
    private final transient Authentication authentication;

    @Activate
    public MetricsServlet(@Reference ApiServices services, @Reference Authentication authentication) {
        this.services = services;
        this.counts = new Counts(services);
        this.authentication = authentication;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        try {
            SecureOnly.check(request);
            authentication.authenticate(request).requireOwnPassword();
            send(response, text().getBytes(StandardCharsets.UTF_8));
        } catch (QrmException e) {
            ProblemAnswer.send(request, response, e);
        } catch (RuntimeException e) {
            ProblemAnswer.sendUnexpected(request, response, e);
        }
    }

    private static void send(HttpServletResponse response, byte[] text) throws IOException {
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
    }

    private String text() {
        StringBuilder text = new StringBuilder(4096);
        byState(text, "qrm_resources", "Resources by state.", counts::resources);
        byState(text, "qrm_virtual_environments", "Virtual environments by state.", counts::environments);
        byState(text, "qrm_operations", "Operations by state.", counts::operations);
        services.eventLogIfPresent().ifPresent(log -> {
            head(text, "qrm_events_total", "counter", "Events recorded so far.");
            text.append("qrm_events_total ").append(log.newest()).append('\n');
        });
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        head(text, "jvm_memory_used_bytes", "gauge", "Memory of the Java virtual machine in use.");
        text.append("jvm_memory_used_bytes{area=\"heap\"} ")
                .append(heap.getUsed())
                .append('\n');
        text.append("jvm_memory_used_bytes{area=\"nonheap\"} ")
                .append(other.getUsed())
                .append('\n');
        head(text, "jvm_memory_max_bytes", "gauge", "What the heap may grow to.");
        text.append("jvm_memory_max_bytes{area=\"heap\"} ")
                .append(heap.getMax())
                .append('\n');
        head(text, "jvm_threads_current", "gauge", "Threads.");
        text.append("jvm_threads_current ")
                .append(ManagementFactory.getThreadMXBean().getThreadCount())
                .append('\n');
        head(text, "process_start_time_seconds", "gauge", "When the server started, since 1970.");
        text.append("process_start_time_seconds ")
                .append(ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0)
                .append('\n');
        return text.toString();
    }

    private static void byState(
            StringBuilder text, String name, String help, Supplier<Map<String, Long>> countByState) {
        Map<String, Long> figures;
        try {
            figures = countByState.get();
        } catch (QrmException e) {
            return;
        }
        head(text, name, "gauge", help);
        figures.forEach((state, count) -> text.append(name)
                .append("{state=\"")
                .append(state)
                .append("\"} ")
                .append(count)
                .append('\n'));
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
