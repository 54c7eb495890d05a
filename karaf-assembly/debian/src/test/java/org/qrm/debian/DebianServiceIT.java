package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Rule;
import org.junit.Test;

/** The service that the package brings, under systemd. */
public class DebianServiceIT {

    private static final String ADDRESS = "10.77.0.1";

    @Rule
    public DebianHost host = new DebianHost("--systemd");

    @Test
    public void theServiceHasWhatItNeedsAndComesBackWhenItIsKilled() throws Exception {
        host.run("ip link add machines type veth peer name switch; ip link set switch up; ip address add " + ADDRESS
                + "/24 dev machines; ip link set machines up");
        host.install(DebianPackages.built());
        untilReady();
        assertTrue(host.run("systemctl show -p StatusText --value qrm").startsWith("Ready: https://127.0.0.1:8443/"));

        host.run("sed -i 's/^#QRM_ADDRESS=.*/QRM_ADDRESS=" + ADDRESS
                + "/; s/^#QRM_HTTP_PORT=.*/QRM_HTTP_PORT=80/' /etc/qrm/qrm.cfg");
        host.run("printf 'mode = full\ninterface = machines\nrangeStart = 10.77.0.100\nrangeEnd = 10.77.0.200\n'"
                + " >/etc/qrm/org.qrm.plugin.dnsmasq.cfg");
        host.run("systemctl restart qrm");
        assertEquals("active", state());
        untilReady();
        assertTrue("port 80 is open", host.run("ss -ltn").contains(ADDRESS + "]:80 "));
        DebianHost.until("dnsmasq serves DHCP and TFTP", () -> {
            String open = host.run("ss -lunp");
            return open.contains("0.0.0.0%machines:67 ") && open.contains(ADDRESS + ":69 ");
        });
        assertEquals("all as the service's user", "qrm", host.run("ps -o user= -C java,dnsmasq | sort -u"));
        assertEquals("nobody is left who waited for it to be ready", "dnsmasq\njava", processes());

        String killed = pid();
        host.run("kill -9 " + killed);
        DebianHost.until(
                "another is ready",
                () -> host.run("systemctl show -p ActiveState,MainPID qrm")
                        .matches("(?s)MainPID=(?!0\n|" + killed + "\n)\\d+\nActiveState=active"));
        untilReady();
        System.out.println(host.run("systemd-analyze security --no-pager qrm.service"));
    }

    @Test
    public void anUpgradeLeavesTheServiceRunningOrStoppedAsItWas() throws Exception {
        host.install(DebianPackages.lower());
        String before = pid();
        host.install(DebianPackages.built());
        assertEquals("running before", "active", state());
        untilReady();
        assertNotEquals(before, pid());

        host.run("systemctl stop qrm");
        host.install(DebianPackages.built());
        assertEquals("stopped before", "inactive", state());

        host.run("systemctl disable qrm; systemctl start qrm");
        host.install(DebianPackages.built());
        assertEquals("started by hand before", "active", state());
        assertEquals(
                "disabled", host.attempt("systemctl is-enabled qrm").output().strip());

        host.run("systemctl stop qrm; sed -i 's/^#QRM_HTTP_PORT=.*/QRM_HTTP_PORT=0/' /etc/qrm/qrm.cfg");
        DebianHost.Result start = host.attempt("systemctl start qrm");
        assertNotEquals("a start that fails is told", 0, start.status());
        assertTrue(host.run("journalctl -u qrm").contains("QRM_HTTP_PORT=0 is no port; give a number from 1 to 65535"));
        host.install(DebianPackages.built());

        host.run("dpkg --remove qrm");
        assertNotEquals("active", state());
        assertEquals("nothing of it runs", "", processes());
        host.run("dpkg --purge qrm");
        assertEquals("", host.run("find /etc/systemd /var/lib/systemd /run -name '*qrm*' ! -path '/run/rack/*'"));
    }

    /** A host that is very busy may take longer for one answer than a health check may. */
    private void untilReady() throws Exception {
        DebianHost.until(
                "it answers that it is ready",
                () -> host.attempt("qrm-server status").output().contains("running and ready"));
    }

    private String pid() throws Exception {
        return host.run("systemctl show -p MainPID --value qrm");
    }

    private String state() throws Exception {
        return host.run("systemctl show -p ActiveState --value qrm");
    }

    /** What runs in the service's name. */
    private String processes() throws Exception {
        return host.run("ps -o comm= -U qrm | sort || true");
    }
}
