package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** The package on a Debian host, as an administrator meets it; what systemd does with it is tested on the rack. */
public class DebianInstallationIT {

    /** The command, told the password of the administrator. */
    private static final String QRM = "QRM_PASSWORD='words of the host' qrm ";

    private static final int BAD_SETTING = 6;

    /** Prints the datagrams that come to a socket which anybody may write to. */
    private static final String RECEIVER = "perl -e 'use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0)"
            + " && bind(S, sockaddr_un(\"/run/rack/notify\")) or die $!; chmod 0777, \"/run/rack/notify\";"
            + " while (defined recv(S, $said, 4096, 0)) { syswrite STDOUT, \"$said\\n\" }'";

    @Rule
    public DebianHost host = new DebianHost();

    @Test
    public void aFreshInstallationIsClosedToOthersAndRunsAsItsOwnUser() throws Exception {
        host.install(DebianPackages.built());
        assertEquals(
                "750 root qrm /etc/qrm\n700 qrm qrm /var/lib/qrm\n700 qrm qrm /var/log/qrm",
                host.run("stat -c '%a %U %G %n' /etc/qrm /var/lib/qrm /var/log/qrm"));
        assertEquals("enabled", host.run("systemctl is-enabled qrm.service"));
        assertEquals(
                "root does not spoil the data of the service's user",
                BAD_SETTING,
                host.attempt("qrm-server start").status());

        startServer();
        assertEquals(
                "all of it is the user's", "qrm", host.run("find /var/lib/qrm /var/log/qrm -printf '%u\\n' | sort -u"));
        assertTrue("the log is where logs are", host.run("ls /var/log/qrm").contains("qrm.log"));
        for (String verb : List.of("status", "stop")) {
            DebianHost.Result stranger = host.attempt("runuser -u nobody -- qrm-server " + verb);
            assertEquals(stranger.output(), BAD_SETTING, stranger.status());
            assertTrue(stranger.output(), stranger.output().contains("may not look into QRM_DATA=/var/lib/qrm"));
        }
        choosePassword();
        host.run(QRM + "resource list");
        host.run(QRM.replace("qrm ", "qrm-plugin ") + "list");
        assertItIsBackedUpAndRestoredByItsUser();
        host.run("qrm-server stop");
        assertEquals("nothing of the package was changed", "", host.run("dpkg --verify qrm"));
    }

    /** With the data on a disk of its own: root's alone is what the file system has there. */
    private void assertItIsBackedUpAndRestoredByItsUser() throws Exception {
        host.run("install -d -m 700 /var/lib/qrm/lost+found; install -d -o qrm /var/backups/qrm");
        assertEquals(
                "root leaves nothing there that is in the way of the service's user",
                BAD_SETTING,
                host.attempt("qrm-server backup /var/backups/qrm/of-root.qrm").status());
        String asUser = "cd /; runuser -u qrm -- qrm-server ";
        host.run(asUser + "backup /var/backups/qrm/site.qrm");
        host.run("qrm-server verify /var/backups/qrm/site.qrm");
        host.run("qrm-server stop");
        host.run(asUser + "restore --replace /var/backups/qrm/site.qrm");
        host.run("test -d /var/lib/qrm/lost+found && test -L /var/lib/qrm/log");
        startServer();
        host.run(QRM + "resource list");
        host.run("rm -r /var/lib/qrm/lost+found");
    }

    /** As root, who need not type the first one. */
    private void choosePassword() throws Exception {
        host.run("test -s /var/lib/qrm/initial-password");
        host.run("echo 'words of the host' | qrm user password admin");
    }

    @Test
    public void anUpgradeKeepsWhatIsTheAdministratorsAndExchangesWhatIsTheBuilds() throws Exception {
        host.install(DebianPackages.lower());
        startServer();
        choosePassword();
        host.run(QRM + "boot-image create kept");
        host.run("qrm-server stop");
        host.run("sed -i 's/^#QRM_SSH_PORT=.*/QRM_SSH_PORT=8222/' /etc/qrm/qrm.cfg; chmod 0640 /etc/qrm/qrm.cfg");
        host.run("echo 'mode = off' > /etc/qrm/org.qrm.plugin.dnsmasq.cfg; chmod 0755 /etc/qrm");
        host.run("rm /etc/qrm/startup.properties; echo changed > /etc/qrm/startup.properties");
        host.run("systemctl disable qrm.service");

        host.install(DebianPackages.built());
        assertNotEquals(DebianPackages.LOWER_VERSION, host.run("dpkg-query -W -f='${Version}' qrm"));
        assertEquals("640 /etc/qrm/qrm.cfg\n755 /etc/qrm", host.run("stat -c '%a %n' /etc/qrm/qrm.cfg /etc/qrm"));
        assertEquals("mode = off", host.run("cat /etc/qrm/org.qrm.plugin.dnsmasq.cfg"));
        assertEquals(
                "/usr/share/qrm/etc-of-the-build/startup.properties", host.run("readlink /etc/qrm/startup.properties"));
        assertEquals(
                "disabled",
                host.attempt("systemctl is-enabled qrm.service").output().strip());

        host.run("chgrp qrm /etc/qrm/qrm.cfg");
        startServer();
        assertTrue("its setting holds", host.run("ss -ltn").contains("127.0.0.1]:8222"));
        assertTrue(host.run(QRM + "boot-image list").contains("kept"));
        host.run("qrm-server stop");
    }

    @Test
    public void removingKeepsSettingsAndDataAndPurgingLeavesNothing() throws Exception {
        Set<String> before = files();
        host.install(DebianPackages.built());
        host.run("echo '# mine' >> /etc/qrm/qrm.cfg; echo 'mode = off' > /etc/qrm/org.qrm.plugin.dnsmasq.cfg");
        host.run("echo data > /var/lib/qrm/data; echo said > /var/log/qrm/qrm.log");

        host.run("dpkg --remove qrm");
        assertEquals("# mine", host.run("tail -n 1 /etc/qrm/qrm.cfg"));
        assertEquals("data\nsaid", host.run("cat /var/lib/qrm/data /var/lib/qrm/log/qrm.log"));
        assertFalse(
                "no program is left", files().stream().anyMatch(file -> file.matches("/usr/(share/qrm|s?bin/qrm).*")));

        host.install(DebianPackages.built());
        assertEquals("# mine", host.run("tail -n 1 /etc/qrm/qrm.cfg"));
        host.run("dpkg --purge qrm");
        Set<String> after = files();
        assertEquals("what was there is there", Set.of(), difference(before, after));
        assertEquals(
                "copies of the files that name users, which systemd-sysusers makes",
                Set.of(),
                difference(after, before).stream()
                        .filter(file -> !file.matches("/etc/((passwd|group|g?shadow)-|\\.pwd\\.lock)"))
                        .collect(Collectors.toSet()));
        assertEquals("", host.run("getent passwd qrm || getent group qrm || true"));
    }

    /** The server as its own user, as the unit starts it; returns when it has told that it is ready. */
    private void startServer() throws Exception {
        host.run("rm -f /run/rack/notify; : > /run/rack/told; " + RECEIVER + " >/run/rack/told 2>&1 </dev/null &");
        DebianHost.until("the socket is there", () -> Files.exists(host.shared().resolve("notify")));
        host.run(
                "cd /; : >/run/rack/server.log; (setsid runuser -u qrm -- env -i PATH=$PATH NOTIFY_SOCKET=/run/rack/notify qrm-server run ||"
                        + " echo \"ended with $?\") >>/run/rack/server.log 2>&1 </dev/null &");
        DebianHost.until("it is ready", () -> {
            String log = Files.readString(host.shared().resolve("server.log"));
            assertFalse(log, log.contains("ended with"));
            return Files.readString(host.shared().resolve("told")).contains("READY=1");
        });
    }

    /** All that is on the host's disk, but dpkg's own books. */
    private Set<String> files() throws Exception {
        return host.run("find / -xdev ! -path '/var/lib/dpkg/*' ! -path /var/log/dpkg.log")
                .lines()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> difference(Set<String> one, Set<String> other) {
        Set<String> more = new TreeSet<>(one);
        more.removeAll(other);
        return more;
    }
}
