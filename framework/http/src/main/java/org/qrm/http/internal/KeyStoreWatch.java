package org.qrm.http.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.servlet.Filter;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Jetty take the server's key and certificates anew when their file has changed; connections that are open go on as they are.
 */
@Component(service = Filter.class, immediate = true)
@HttpWhiteboardFilterName("qrm-certificates")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class KeyStoreWatch extends JettyFilter {

    private static final Logger LOG = LoggerFactory.getLogger(KeyStoreWatch.class);
    private static final int PERIOD_SECONDS = 1;

    private final Path file;
    private final ScheduledExecutorService timer;
    private byte[] taken;

    @Activate
    public KeyStoreWatch(@Reference ServerSettings settings) throws IOException {
        file = settings.dataDirectory().resolve("tls").resolve("server.p12");
        taken = Files.readAllBytes(file);
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-key-store");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Deactivate
    void stop() {
        timer.shutdown();
    }

    @Override
    void met(Server jetty) {
        // looked at when the file has changed
    }

    private void look() {
        try {
            byte[] now = Files.readAllBytes(file);
            Server server = server();
            if (server != null && !Arrays.equals(now, taken)) {
                for (Connector connector : server.getConnectors()) {
                    SslConnectionFactory tls = connector.getConnectionFactory(SslConnectionFactory.class);
                    if (tls != null) {
                        tls.getSslContextFactory().reload(factory -> {});
                    }
                }
                taken = now;
                LOG.info("New connections are answered with the certificates that are in {} now", file);
            }
        } catch (Exception failed) {
            LOG.warn("The certificates in {} cannot be taken; trying again in {} s", file, PERIOD_SECONDS, failed);
        }
    }
}
