package org.qrm.netboot.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.node.BootOrder;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.server.ServerSettings;

/** What boot loaders ask over plain HTTP: {@code /boot} of docs/node-protocol.md. Only what may be public is here. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("org.qrm.netboot.boot")
@HttpWhiteboardServletPattern("/boot/*")
@HttpWhiteboardServletAsyncSupported
public final class BootServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String ROOT = "/boot/";
    private static final String PXELINUX = "pxelinux.cfg/";
    private static final String GRUB = "grub.cfg/";
    private static final String PLAIN = "configuration/";
    private static final String IMAGES = "images/";
    /** Of a refusal: what the machine is, why, and what to do. */
    private static final int LONGEST = 400;

    private final transient RequestFigures figures;
    private final transient Core core;
    private final transient Refusals refusals;
    private final transient PxelinuxConfiguration pxelinux;
    private final transient GrubConfiguration grub;
    private final transient PlainConfiguration plain = new PlainConfiguration();
    private final transient Loaders loaders = new Loaders();
    private final transient BootFiles files;
    private final transient LoaderModules modules;
    private final transient CaCertificate certificate;
    private final transient SecureDisk secureDisk;

    @Activate
    public BootServlet(
            @Reference Core core,
            @Reference Refusals refusals,
            @Reference ServerSettings settings,
            @Reference Metrics metrics) {
        this.figures = new RequestFigures(metrics);
        this.core = core;
        this.refusals = refusals;
        this.pxelinux = new PxelinuxConfiguration("http://" + settings.address() + ":" + settings.httpPort());
        this.grub = new GrubConfiguration(settings.address(), settings.httpPort());
        this.files = new BootFiles(core, refusals, loaders);
        this.modules = new LoaderModules(settings.homeDirectory(), refusals);
        this.certificate = new CaCertificate(settings.caCertificate());
        this.secureDisk = new SecureDisk(
                settings.homeDirectory().resolve("boot/tftp"),
                settings.address() + ":" + settings.httpPort(),
                core,
                refusals);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestFigures.Measured measured = figures.begin(request, route(request.getRequestURI()));
        try {
            serve(request, response);
        } finally {
            measured.returned(response);
        }
    }

    /** What is asked for, without what differs from one to the next. */
    private static String route(String path) {
        for (String each : List.of(PXELINUX, GRUB, PLAIN)) {
            if (path.startsWith(ROOT + each)) {
                return ROOT + each + "{mac}";
            }
        }
        return path.startsWith(ROOT + IMAGES) ? ROOT + IMAGES + "{file}" : ROOT + "{loader}";
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.isSecure()) {
            notFound(request, response);
        } else if (refusals.tooMany(request.getRemoteAddr())) {
            Answers.refuse(request, response, 429, "Too many of this address's requests were refused.");
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            Answers.refuse(request, response, 405, "Only GET and HEAD are answered here.");
        } else {
            answer(request, response);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        try {
            if (!path.startsWith(ROOT) || !BootPaths.isPlain(path)) {
                refusals.blame(request.getRemoteAddr());
                refusals.record(request.getRemoteAddr(), "a request of a boot loader for " + Name.printable(path));
                notFound(request, response);
            } else {
                dispatch(path.substring(ROOT.length()), request, response);
            }
        } catch (RuntimeException thrown) {
            Refusals.Answer answer = refusals.answer(request.getRemoteAddr(), thrown);
            response.reset();
            Answers.refuse(request, response, answer.status(), Name.printable(answer.why(), LONGEST));
        }
    }

    private void dispatch(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (name.startsWith(PXELINUX)) {
            configuration(
                    BootPaths.pxelinuxMac(name.substring(PXELINUX.length())), pxelinux::render, request, response);
        } else if (name.startsWith(GRUB)) {
            configuration(BootPaths.colonMac(name.substring(GRUB.length())), grub::render, request, response);
        } else if (name.startsWith(PLAIN)) {
            configuration(BootPaths.colonMac(name.substring(PLAIN.length())), plain::render, request, response);
        } else if (name.startsWith(IMAGES)) {
            files.answer(name.substring(IMAGES.length()), request, response);
        } else if (name.equals("ca.pem")) {
            certificate.answer(response);
        } else if (name.equals("secure.img")) {
            secureDisk.answer(request, response);
        } else {
            module(name, request, response);
        }
    }

    private void module(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<byte[]> content = modules.find(name);
        if (content.isPresent()) {
            modules.answer(content.get(), request, response);
        } else {
            notFound(request, response);
        }
    }

    private void configuration(
            Optional<MacAddress> mac,
            Function<BootOrder, String> renderer,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (mac.isEmpty()) {
            notFound(request, response);
            return;
        }
        try {
            String text = rendered(mac.get(), request.getRemoteAddr(), renderer);
            Answers.send(response, 200, text.getBytes(StandardCharsets.UTF_8), false);
            loaders.asked(request.getRemoteAddr(), mac.get());
        } catch (QrmException refused) {
            boolean wait = refused.problem().kind() == Problem.Kind.CONFLICT
                    && request.getRequestURI().startsWith(ROOT + PXELINUX);
            if (!wait) {
                throw refused;
            }
            String text = pxelinux.wait(mac.get(), Name.printable(refused.getMessage(), LONGEST));
            response.setHeader("Retry-After", "10");
            Answers.send(response, 200, text.getBytes(StandardCharsets.UTF_8), false);
        }
    }

    private String rendered(MacAddress mac, String peer, Function<BootOrder, String> renderer) {
        BootOrder order = core.nodes().bootOrder(mac, peer);
        try {
            return renderer.apply(order);
        } catch (QrmException unusable) {
            refusals.unbootable(mac, unusable.getMessage());
            throw unusable;
        }
    }

    private static void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.refuse(request, response, 404, "There is nothing here.");
    }
}
