package org.qrm.rack;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** BMCs of machines of the rack, and the server that is told of them. */
final class Bmcs {

    private final Rack rack;
    private final Server server;

    Bmcs(Rack rack, Server server) {
        this.rack = rack;
        this.server = server;
    }

    /** By IPMI; the password that it has. */
    String ipmi(int machine, String mac) throws Exception {
        return known("ipmi", mac, bmc(String.valueOf(machine)), "cipherSuite=3");
    }

    /** By Redfish; the password that it has. */
    String redfish(int machine, String mac) throws Exception {
        Properties bmc = bmc(String.valueOf(machine), "--redfish");
        return known("redfish", mac, bmc, "fingerprint=" + bmc.getProperty("fingerprint"));
    }

    /** The Redfish service of a machine takes requests, and does nothing more until it goes on. */
    void freeze(int machine) throws IOException {
        signal(machine, "STOP");
    }

    void goOn(int machine) throws IOException {
        signal(machine, "CONT");
    }

    private void signal(int machine, String name) throws IOException {
        Path pid = Path.of("/var/lib/qrm-rack", Rack.NAME, "machines", String.valueOf(machine), "bmc/redfish.pid");
        rack.exec("server", "kill", "-" + name, Files.readString(pid).strip());
    }

    private Properties bmc(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("bmc"));
        command.addAll(List.of(words));
        Properties bmc = new Properties();
        bmc.load(new StringReader(rack.run(command.toArray(String[]::new))));
        return bmc;
    }

    private String known(String plugin, String mac, Properties bmc, String more) throws Exception {
        install(plugin);
        String password = Files.readString(Path.of(bmc.getProperty("password-file")));
        Rack.Result configured = server.type(
                password + "\n",
                "qrm",
                "resource",
                "configure",
                mac,
                plugin,
                "address=" + bmc.getProperty("address"),
                "user=" + bmc.getProperty("user"),
                more);
        assertEquals(configured.output(), 0, configured.status());
        return password;
    }

    private void install(String plugin) throws IOException {
        if (server.qrm("plugin", "list", "-o", "name").lines().anyMatch(plugin::equals)) {
            return;
        }
        Path jar;
        try (Stream<Path> versions = Files.walk(server.home().resolve("system/org/qrm/org.qrm.plugin." + plugin))) {
            jar = versions.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
        server.qrm("plugin", "add-file", jar.toString(), "--as", plugin + ".jar");
        for (String step : List.of("register", "install", "run-once")) {
            server.qrm("plugin", step, plugin, "--wait");
        }
    }
}
