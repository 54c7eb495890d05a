package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qrm.api.QrmException;
import org.qrm.api.server.ServerSettings;

/** Starts dnsmasq: looks at the surroundings, writes its configuration file, runs it with as few rights as it needs. */
final class Launcher implements Starter {

    static final Path DNSMASQ = Path.of("/usr/sbin/dnsmasq");

    private final ServerSettings server;
    private final Path directory;
    private final ChildRecord record;

    Launcher(ServerSettings server) {
        this.server = server;
        this.directory = directory(server);
        this.record = new ChildRecord(directory.resolve("child"));
    }

    /** Everything that the plug-in keeps. */
    static Path directory(ServerSettings server) {
        return server.dataDirectory().resolve("dnsmasq");
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
        BootLoaders loaders =
                BootLoaders.copied(server.homeDirectory().resolve("boot/tftp"), directory.resolve("tftp"));
        Path leases = Files.createDirectories(directory.resolve("leases"));
        record.endStale();

        Privileges privileges = Privileges.forReading(loaders.directory(), directory);
        privileges.giveAway(leases);
        Path leaseFile = leases.resolve("leases");
        if (Files.exists(leaseFile)) {
            privileges.giveAway(leaseFile);
        }
        Surroundings around = new Surroundings(
                own.address(),
                own.mask(),
                address,
                server.httpPort(),
                loaders.directory(),
                leaseFile,
                loaders.efi(),
                privileges.root());
        Path file = directory.resolve("dnsmasq.conf");
        Files.writeString(file, DnsmasqConfiguration.render(settings, around));
        return launch(privileges.command(
                List.of(DNSMASQ.toString(), "--keep-in-foreground", "--conf-file=" + file.toAbsolutePath())));
    }

    @Override
    public void ended() throws IOException {
        record.clear();
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
