package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.qrm.api.event.EventLog;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.server.Certificates;
import org.qrm.api.server.ServerSettings;

/**
 * Runs at a start level below all that reads configuration: resolves the settings, makes the data directory and the TLS
 * material, and hands both to the configuration files as the system properties {@code qrm.*} and as secrets.
 */
public final class Bootstrap implements BundleActivator {

    /** Exit status of a server that was given settings with which it cannot work. */
    private static final int EXIT_CONFIGURATION = 6;

    /** Where the configuration plug-in of Felix looks for the values of {@code $[secret:NAME]}. */
    private static final String SECRETS_DIRECTORY = "org.apache.felix.configadmin.plugin.interpolation.secretsdir";

    private final Map<String, String> environment;
    private TlsWatch watch;
    private ForeignServlets servlets;

    public Bootstrap() {
        this(System.getenv());
    }

    Bootstrap(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void start(BundleContext context) throws IOException, GeneralSecurityException {
        try {
            prepare(context);
        } catch (BadSetting badSetting) {
            halt(badSetting.getMessage());
        } catch (IOException e) {
            halt("cannot prepare the data directory: " + e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the settings stay what they are until the server ends
        if (watch != null) {
            watch.close();
            servlets.close();
        }
    }

    private void prepare(BundleContext context) throws IOException, GeneralSecurityException {
        Path etc = Path.of(context.getProperty("karaf.etc"));
        Path home = Path.of(context.getProperty("karaf.base"));
        Settings settings = Settings.read(environment, home, etc);
        if (System.getProperty("qrm.data") == null) {
            settings.checkPortsAreFree();
            Path mark = settings.dataDirectory().resolve("karaf").resolve("ended");
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(new FrameworkEnd(context.getBundle(0), mark), "qrm-shutdown"));
        }
        DataDirectory data = new DataDirectory(settings.dataDirectory());
        data.create();
        ServerTls tls = new ServerTls(data, Clock.systemUTC());
        String hostName = hostName();
        Set<String> names = tls.prepare(settings.address(), hostName, settings.names());
        publish(settings, data);
        FromFiles.holdBack(context, data.deploy());
        if (settings.withoutPlugins()) {
            WithoutPlugins.begin(context);
        } else {
            WithoutPlugins.end(context);
        }
        servlets = new ForeignServlets(() -> eventLog(context));
        servlets.begin(context);
        context.registerService(ServerSettings.class, settings.named(names), null);
        watch = new TlsWatch(
                () -> tls.prepare(settings.address(), hostName, settings.names()),
                tls,
                Clock.systemUTC(),
                () -> eventLog(context));
        context.registerService(new String[] {Certificates.class.getName(), HealthCheck.class.getName()}, watch, null);
        watch.start();
    }

    /** Null while there is none: it comes with the core, and needs a database. */
    private static EventLog eventLog(BundleContext context) {
        ServiceReference<EventLog> reference = context.getServiceReference(EventLog.class);
        return reference == null ? null : context.getService(reference);
    }

    private static void publish(Settings settings, DataDirectory data) {
        System.setProperty("qrm.address", settings.address());
        System.setProperty("qrm.http.port", Integer.toString(settings.httpPort()));
        System.setProperty("qrm.https.port", Integer.toString(settings.httpsPort()));
        System.setProperty("qrm.ssh.port", Integer.toString(settings.sshPort()));
        System.setProperty("qrm.ssh.logins", settings.consoleLogins());
        System.setProperty("qrm.admin.user", settings.administrator());
        System.setProperty("qrm.data", settings.dataDirectory().toString());
        System.setProperty(SECRETS_DIRECTORY, data.secrets().toString());
        // Derby writes its own log into the working directory unless told otherwise
        System.setProperty(
                "derby.stream.error.file", data.log().resolve("derby.log").toString());
    }

    /** The kernel's, because a look-up through the resolver may wait for a name server. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /**
     * Nothing has been started yet, and nothing must be with these settings: an exception would only leave this bundle
     * out, and an orderly exit would wait for the start that this runs in.
     */
    private static void halt(String reason) {
        System.err.println("QRM cannot start: " + reason);
        System.err.flush();
        Runtime.getRuntime().halt(EXIT_CONFIGURATION);
    }
}
