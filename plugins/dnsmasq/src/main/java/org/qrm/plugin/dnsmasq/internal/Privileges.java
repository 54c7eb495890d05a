package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With which rights dnsmasq runs: with three capabilities, as its own user if the server is root and there is that user,
 * otherwise as the server's user. dnsmasq is not left to drop its rights itself, for the kernel then forgets that it is
 * to end with its server (prctl(2), PR_SET_PDEATHSIG).
 *
 * @param user whose rights it gets, or null for the server's own
 * @param root whether it runs as root
 */
record Privileges(UserPrincipal user, boolean root) {

    private static final Logger LOG = LoggerFactory.getLogger(Privileges.class);
    private static final String USER = "dnsmasq";
    private static final String GROUP = "nogroup";
    // bind to port 67 and to one interface; answer clients that have no address yet; ping before an address is given
    private static final String CAPABILITIES = "+net_bind_service,+net_raw,+net_admin";

    /** The fewest rights that this server can give it. */
    static Privileges fewest() throws IOException {
        if (!serverIsRoot()) {
            return new Privileges(null, false);
        }
        try {
            UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
            users.lookupPrincipalByGroupName(GROUP);
            return new Privileges(users.lookupPrincipalByName(USER), false);
        } catch (IOException e) {
            LOG.warn("dnsmasq runs as root, with few capabilities: there is no user {} with group {}", USER, GROUP);
            return new Privileges(null, true);
        }
    }

    static boolean serverIsRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    static Optional<Path> setpriv() {
        return List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv")).stream()
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Lets it write there. */
    void giveAway(Path path) throws IOException {
        if (user != null) {
            Files.setOwner(path, user);
        } else if (root) {
            Files.setOwner(
                    path,
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("root"));
        }
    }

    /** The command line that runs a program with these rights, and ends it with the thread that starts it. */
    List<String> command(List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(setpriv().orElseThrow().toString());
        command.addAll(List.of("--pdeathsig", "KILL", "--no-new-privs"));
        if (user != null) {
            command.addAll(List.of("--reuid", USER, "--regid", GROUP, "--clear-groups"));
            command.addAll(List.of("--inh-caps=-all," + CAPABILITIES, "--ambient-caps=" + CAPABILITIES));
            command.add("--bounding-set=-all," + CAPABILITIES);
        } else if (root) {
            // setgid: dnsmasq sets the group that it has already
            command.addAll(List.of("--inh-caps=-all", "--bounding-set=-all,+setgid," + CAPABILITIES));
        }
        command.add("--");
        command.addAll(program);
        return command;
    }
}
