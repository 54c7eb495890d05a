package org.qrm.http.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.karaf.features.BootFinished;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.resource.Resources;

/**
 * {@code /healthz}: the process answers. {@code /readyz}: everything that the server starts with is there, and no check
 * is critical. Both are public, so they tell the verdicts and not the reasons; those are in the log.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("qrm-health")
@HttpWhiteboardServletPattern({"/healthz", "/readyz"})
public final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final transient Readiness readiness = new Readiness(checks, System::nanoTime);
    private transient volatile BootFinished bootFinished;
    private transient volatile Resources core;

    @Activate
    public HealthServlet() {
        // references come and go below
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setBootFinished(BootFinished finished) {
        bootFinished = finished;
    }

    void unsetBootFinished(BootFinished finished) {
        bootFinished = null;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setCore(Resources resources) {
        core = resources;
    }

    void unsetCore(Resources resources) {
        core = null;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCheck(HealthCheck check) {
        checks.add(check);
    }

    void removeCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Deactivate
    void stop() {
        readiness.close();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        if ("/healthz".equals(request.getServletPath())) {
            response.getWriter().println("ok");
            return;
        }
        List<Readiness.Verdict> verdicts = verdicts();
        boolean ready = verdicts.stream().noneMatch(verdict -> verdict.status() == HealthResult.Status.CRITICAL);
        response.setStatus(ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.getWriter().println(ready ? "ready" : "not ready");
        for (Readiness.Verdict verdict : verdicts) {
            response.getWriter().println(verdict.name() + "=" + verdict.status());
        }
    }

    private List<Readiness.Verdict> verdicts() {
        if (bootFinished == null) {
            return List.of(new Readiness.Verdict("start", HealthResult.Status.CRITICAL));
        }
        if (core == null) {
            return List.of(new Readiness.Verdict("core", HealthResult.Status.CRITICAL));
        }
        return readiness.verdicts();
    }
}
