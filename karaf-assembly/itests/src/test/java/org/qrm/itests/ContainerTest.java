package org.qrm.itests;

import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import javax.security.auth.Subject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** What tests inside the container have in common: the distribution, ports of its own, the console, waiting. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class ContainerTest {

    private static final long PATIENCE_SECONDS = 120;

    @Inject
    protected BundleContext context;

    /** Published once every boot feature is up; injecting it delays the tests until then. */
    @Inject
    private BootFinished bootFinished;

    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] distribution() throws IOException {
        return options(
                karafDistributionConfiguration()
                        .frameworkUrl(new File(System.getProperty("distribution"))
                                .toURI()
                                .toString())
                        .karafVersion("4.4.10")
                        .name("QRM")
                        .unpackDirectory(new File(System.getProperty("examDirectory")))
                        .useDeployFolder(false),
                keepRuntimeFolder(),
                systemTimeout(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)),
                configureConsole().ignoreLocalConsole(),
                // the product ships with no Maven repository; the test container needs Pax Exam's own bundles
                editConfigurationFilePut(
                        "etc/org.ops4j.pax.url.mvn.cfg",
                        "org.ops4j.pax.url.mvn.localRepository",
                        System.getProperty("localRepository")),
                setting("QRM_HTTP_PORT", String.valueOf(FreePorts.next())),
                setting("QRM_HTTPS_PORT", String.valueOf(FreePorts.next())),
                setting("QRM_SSH_PORT", String.valueOf(FreePorts.next())),
                composite(more()));
    }

    /** What a test class wants besides. */
    protected Option[] more() throws IOException {
        return new Option[0];
    }

    protected static Option setting(String name, String value) {
        return editConfigurationFilePut("etc/qrm.cfg", name, value);
    }

    /** What the console prints for a command of an administrator; without a role the guarded ones do not exist. */
    protected String console(String command) throws Exception {
        Subject administrator = new Subject();
        for (String role : new String[] {"admin", "manager", "viewer", "systembundles"}) {
            administrator.getPrincipals().add(new RolePrincipal(role));
        }
        return Subject.doAs(administrator, (PrivilegedExceptionAction<String>) () -> execute(command));
    }

    private String execute(String command) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (Session session = sessions.create(null, print, print)) {
            session.execute(command);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Waits until something is so; an error, with what was waited for, when it does not become so. */
    protected static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + PATIENCE_SECONDS + " s still not: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
