package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.QrmException;
import org.qrm.api.admission.Admissions;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventListener;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.resource.Resources;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out addresses and boot loaders on one network, as its configuration says, by a dnsmasq that it supervises. */
@Component(
        service = {Plugin.class, HealthCheck.class, EventListener.class},
        configurationPid = DnsmasqPlugin.PID,
        immediate = true)
public final class DnsmasqPlugin implements Plugin, HealthCheck, EventListener, Supervisor.Observer {

    static final String ID = "dnsmasq";
    static final String PID = "org.qrm.plugin.dnsmasq";

    private static final Logger LOG = LoggerFactory.getLogger(DnsmasqPlugin.class);
    private static final int REFRESH_SECONDS = 60;
    private static final int SOON_SECONDS = 1;
    private static final String SUBJECT = "plugin/dnsmasq";

    private final ServerSettings server;
    private final EventLog events;
    private final ConfigurationAdmin configurations;
    private final Launcher launcher;
    private final Supervisor supervisor;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "qrm-dnsmasq-machines");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean refreshing = new AtomicBoolean();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Resources resources;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Admissions admissions;

    private volatile NetworkSettings settings = NetworkSettings.NONE;
    private volatile String misconfigured = "";

    @Activate
    public DnsmasqPlugin(
            @Reference ServerSettings server,
            @Reference EventLog events,
            @Reference ConfigurationAdmin configurations,
            @Reference BootImages images,
            Map<String, Object> configuration) {
        this.server = server;
        this.events = events;
        this.configurations = configurations;
        this.launcher = new Launcher(
                server,
                role -> images.content(BootImage.DEFAULT, role),
                () -> KnownMachines.ask(resources, admissions));
        this.supervisor = new Supervisor(launcher, this, Duration.ofSeconds(1), Duration.ofSeconds(30));
        configure(configuration);
        timer.scheduleWithFixedDelay(this::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
    }

    /** Machines come, go, and have other names and addresses; several at a time, as a rule. */
    @Override
    public void onEvent(Event event) {
        if (event.type().startsWith("resource.") && refreshing.compareAndSet(false, true)) {
            timer.schedule(this::refresh, SOON_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void refresh() {
        refreshing.set(false);
        try {
            launcher.refresh();
        } catch (IOException | RuntimeException failed) {
            LOG.warn("Could not tell dnsmasq which machines are known; trying again in {} s", REFRESH_SECONDS, failed);
        }
    }

    /** Takes over a changed configuration: dnsmasq is started, stopped or restarted in place. */
    @Modified
    void configure(Map<String, Object> configuration) {
        try {
            settings = NetworkSettings.parse(configuration);
            misconfigured = "";
        } catch (QrmException e) {
            settings = NetworkSettings.NONE;
            misconfigured = e.problem().sentence();
            failed(misconfigured);
        }
        supervisor.want(settings);
    }

    @Deactivate
    void close() {
        timer.shutdown();
        supervisor.close();
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "DHCP and TFTP for machines that boot from the network";
    }

    @Override
    public void install(WorkContext work) {
        Launcher.requirePrograms();
        work.log("dnsmasq is there; it runs as its configuration says: "
                + settings.mode().word());
    }

    @Override
    public void uninstall(WorkContext work) {
        try {
            supervisor.off();
            Configuration[] found = configurations.listConfigurations("(service.pid=" + PID + ")");
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                configuration.delete();
            }
            Trees.delete(Launcher.directory(server));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unfinished(e);
        } catch (Exception e) {
            throw unfinished(e);
        }
        work.log("dnsmasq is stopped; its configuration and leases are deleted");
    }

    @Override
    public String name() {
        return ID;
    }

    @Override
    public HealthResult execute() {
        if (!misconfigured.isEmpty()) {
            return new HealthResult(HealthResult.Status.WARN, misconfigured);
        }
        Supervisor.Status status = supervisor.status();
        String where = settings.mode().word() + " on " + settings.interfaceName();
        return switch (status.state()) {
            case OFF -> new HealthResult(HealthResult.Status.OK, "off");
            case RUNNING -> new HealthResult(HealthResult.Status.OK, where + ", pid " + status.pid());
            case STARTING -> new HealthResult(HealthResult.Status.WARN, where + ", starting");
            case FAILED -> new HealthResult(HealthResult.Status.WARN, status.reason());
        };
    }

    @Override
    public void running() {
        record(
                Priority.INFO,
                "dnsmasq.running",
                "dnsmasq answers on " + settings.interfaceName() + " ("
                        + settings.mode().word() + ")");
    }

    @Override
    public void failed(String reason) {
        record(Priority.ERROR, "dnsmasq.failed", reason);
    }

    private void record(Priority priority, String type, String description) {
        if (priority == Priority.INFO) {
            LOG.info("{}", description);
        } else {
            LOG.error("{}", description);
        }
        try {
            events.record(priority, ID, type, SUBJECT, description, null);
        } catch (RuntimeException e) {
            LOG.warn("Could not store the event \"{}\"", description, e);
        }
    }

    private static QrmException unfinished(Exception cause) {
        return QrmException.failed("uninstall", ID, String.valueOf(cause.getMessage()), "Uninstall it again.", cause);
    }
}
