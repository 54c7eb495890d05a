package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final ChildRecord record;

    Launcher(ServerSettings server) {
        this.server = server;
        this.directory = directory(server);
        this.tftp = tftp(server);
        this.record = new ChildRecord(directory.resolve("child"));
    }

    /** Everything that the plug-in keeps. */
    static Path directory(ServerSettings server) {
        return server.dataDirectory().resolve("dnsmasq");
    }

    /** What TFTP serves: where dnsmasq's user reaches it, for the data directory is closed to others. */
    private static Path tftp(ServerSettings server) {
        Path data = server.dataDirectory().toAbsolutePath();
        return Files.isWritable(RUN)
                ? RUN.resolve("qrm-dnsmasq-" + Integer.toHexString(data.hashCode()))
                : data.resolve("dnsmasq/tftp");
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
        record.endStale();
        refuseBesideForeign(settings, own);

        BootLoaders loaders =
                BootLoaders.copied(server.homeDirectory().resolve("boot/tftp"), tftp, address, server.httpPort());
        Privileges privileges = Privileges.fewest();
        Path leases = directory.resolve(DnsmasqConfiguration.LEASES);
        privileges.giveAway(Files.createDirectories(leases.getParent()));
        if (Files.exists(leases)) {
            privileges.giveAway(leases);
        }
        Surroundings around = new Surroundings(
                own.address(),
                own.mask(),
                address,
                server.httpPort(),
                loaders.directory(),
                loaders.efi(),
                privileges.root());
        Files.writeString(directory.resolve(CONFIGURATION), DnsmasqConfiguration.render(settings, around));
        return launch(privileges.command(
                List.of(DNSMASQ.toString(), "--keep-in-foreground", "--conf-file=" + CONFIGURATION)));
    }

    @Override
    public void ended() throws IOException {
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
