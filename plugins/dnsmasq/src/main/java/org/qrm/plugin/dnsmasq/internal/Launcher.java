package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.qrm.api.QrmException;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts dnsmasq: looks at the surroundings, writes its configuration file, runs it with as few rights as it needs. */
final class Launcher implements Starter {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final String CONFIGURATION = "dnsmasq.conf";

    private static final Path RUN = Path.of("/run");
    static final Path DNSMASQ = Path.of("/usr/sbin/dnsmasq");

    private final ServerSettings server;
    private final Path directory;
    private final Path tftp;
    private final Path known;
    private final ChildRecord record;
    private final BootLoaders.Idle idle;
    private final Supplier<Optional<List<KnownMachines.Machine>>> machines;
    /** By this process; null before that. */
    private KnownMachines told;

    private Running running;

    /** What is told again while it runs. */
    private record Running(Child child, NetworkSettings settings, Ipv4 own, Ipv4 mask) {}

    /** @param machines those that are known, who were heard of last first; empty when that cannot be told now */
    Launcher(ServerSettings server, BootLoaders.Idle idle, Supplier<Optional<List<KnownMachines.Machine>>> machines) {
        this.server = server;
        this.idle = idle;
        this.directory = directory(server);
        this.tftp = reached(server, "tftp");
        this.known = reached(server, "machines");
        this.machines = machines;
        this.record = new ChildRecord(directory.resolve("child"));
    }

    /** Everything that the plug-in keeps. */
    static Path directory(ServerSettings server) {
        return server.dataDirectory().resolve("dnsmasq");
    }

    /** A directory that dnsmasq's user reaches, for the data directory is closed to others. */
    private static Path reached(ServerSettings server, String name) {
        Path data = server.dataDirectory().toAbsolutePath();
        return Files.isWritable(RUN)
                ? RUN.resolve("qrm-dnsmasq-" + Integer.toHexString(data.hashCode()) + "-" + name)
                : data.resolve("dnsmasq").resolve(name);
    }

    /**
     * Checks that the programs are there.
     *
     * @throws QrmException UNAVAILABLE
     */
    static void requirePrograms() {
        if (!Files.isExecutable(DNSMASQ)) {
            throw refusal(DNSMASQ + " is not there", "Install it: apt-get install dnsmasq-base");
        }
        if (Privileges.setpriv().isEmpty()) {
            throw refusal("setpriv is not there", "Install it: apt-get install util-linux");
        }
    }

    @Override
    public Child start(NetworkSettings settings) throws IOException {
        requirePrograms();
        Ipv4 address = serverAddress();
        InterfaceAddress own = InterfaceAddress.of(settings.interfaceName());
        Files.createDirectories(directory);
        // it is started in there, and reads what is its own; who may reach QRM_DATA is another matter
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        record.endStale();
        refuseBesideForeign(settings, own);

        boolean signed = settings.secureBoot() == SecureBoot.YES;
        BootLoaders loaders = BootLoaders.copied(
                server.homeDirectory().resolve("boot/tftp"), tftp, address, server.httpPort(), signed ? idle : null);
        Privileges privileges = Privileges.fewest();
        Path leases = directory.resolve(DnsmasqConfiguration.LEASES);
        privileges.giveAway(Files.createDirectories(leases.getParent()));
        if (Files.exists(leases)) {
            privileges.giveAway(leases);
        }
        Ipv4 mask = settings.netmask() == null ? own.mask() : settings.netmask();
        privileges.giveAway(Files.createDirectories(known));
        Files.setPosixFilePermissions(known, PosixFilePermissions.fromString("rwx------"));
        tell(settings, own.address(), mask);
        Surroundings around = new Surroundings(
                own.address(),
                own.mask(),
                address,
                server.httpPort(),
                known,
                loaders.directory(),
                loaders.efi(),
                privileges.root());
        Path configuration = directory.resolve(CONFIGURATION);
        Files.writeString(configuration, DnsmasqConfiguration.render(settings, around));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));
        Child child = launch(privileges.command(
                List.of(DNSMASQ.toString(), "--keep-in-foreground", "--conf-file=" + CONFIGURATION)));
        remember(new Running(child, settings, own.address(), mask));
        return child;
    }

    private synchronized void remember(Running now) {
        running = now;
        told = now == null ? null : told;
    }

    /** Writes who is known, if that has changed; what was written before stays when it cannot be told now. */
    private synchronized boolean tell(NetworkSettings settings, Ipv4 own, Ipv4 mask) throws IOException {
        Optional<KnownMachines> now = machines.get().map(all -> KnownMachines.of(all, settings, own, mask));
        if (now.isEmpty() && !Files.exists(known.resolve(KnownMachines.NAMES))) {
            KnownMachines.NONE.write(known);
        }
        if (now.isEmpty() || now.get().equals(told)) {
            return false;
        }
        now.get().write(known);
        told = now.get();
        return true;
    }

    /** Tells a dnsmasq that runs who is known now. */
    synchronized void refresh() throws IOException {
        if (running != null && running.child().alive() && tell(running.settings(), running.own(), running.mask())) {
            running.child().reread();
        }
    }

    @Override
    public void ended() throws IOException {
        remember(null);
        Trees.delete(known);
        record.clear();
        Trees.delete(tftp);
    }

    /** Two servers that give out addresses of one network, or two that answer boot firmware, are a fault of the site. */
    private void refuseBesideForeign(NetworkSettings settings, InterfaceAddress own) throws IOException {
        if (settings.allowForeign()) {
            return;
        }
        boolean full = settings.mode() == NetworkSettings.Mode.FULL;
        Set<ForeignServers.Found> found = new ForeignServers().on(own);
        for (ForeignServers.Found foreign : found) {
            if (full || foreign.proxy()) {
                throw refusal(
                        "another " + (foreign.proxy() ? "proxyDHCP" : "DHCP") + " server, " + foreign.server()
                                + ", answers on the network of " + settings.interfaceName(),
                        "End it there, or choose mode proxy beside a DHCP server, or set allowForeign = true if"
                                + " the two are meant to be there.");
            }
        }
        if (!full && found.isEmpty()) {
            LOG.warn(
                    "No DHCP server answers on the network of {}: in mode proxy machines get no address from here",
                    settings.interfaceName());
        }
    }

    private Child launch(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Process process = builder.start();
        process.getOutputStream().close();
        Child child = new Child(process);
        try {
            record.write(child.pid());
        } catch (IOException e) {
            child.stop();
            throw e;
        }
        return child;
    }

    private Ipv4 serverAddress() {
        return Ipv4.parse(server.address())
                .filter(address -> !address.isLoopbackOrAny())
                .orElseThrow(() -> refusal(
                        "the server's address is " + server.address() + ", which machines cannot reach",
                        "Set QRM_ADDRESS to the server's address on the machines' network and restart the server."));
    }

    static QrmException refusal(String reason, String remedy) {
        return QrmException.refused("start", "dnsmasq", reason, remedy);
    }
}
