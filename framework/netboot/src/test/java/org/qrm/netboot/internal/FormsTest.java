package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;

public class FormsTest {

    @Test
    public void readsEveryPartOfARegistration() {
        Registration registration = RegistrationForm.read(parse(NodeServletTest.REGISTRATION), "10.77.0.101");
        assertEquals("52:54:00:aa:00:01", registration.mac().value());
        assertEquals(2, registration.hardware().cpus());
        assertEquals(2400, registration.hardware().cpuMhz());
        assertEquals(2048, registration.hardware().memoryMb());
        assertEquals("e1000", registration.hardware().nics().get(0).driver());
        assertEquals(22, registration.execdPort());
        assertEquals("ecdsa-sha2-nistp256 AAAAE2VjZHNh+/=", registration.sshHostKey());
    }

    @Test
    public void refusesARegistrationWithAWrongPart() {
        List<String[]> replacements = List.of(
                new String[] {"version=1", "version=2"},
                new String[] {"token=AZ-_tokenOfThisBoot", "token=a b"},
                new String[] {"token=AZ-_tokenOfThisBoot", "token="},
                new String[] {"mac=52:54:00:aa:00:01", "mac=52:54:00:AA:00:01"},
                new String[] {"mac=52:54:00:aa:00:01", "mac=53:54:00:aa:00:01"},
                new String[] {"mac=52:54:00:aa:00:01", "mac=00:00:00:00:00:00"},
                new String[] {"mac=52:54:00:aa:00:01", "mac=ff:ff:ff:ff:ff:ff"},
                new String[] {"image=default", "image=../default"},
                new String[] {"image=default", "image=def\0ault"},
                new String[] {"cpus=2", "cpuz=2"},
                new String[] {"address=10.77.0.101", "address=10.77.0.256"},
                new String[] {"address=10.77.0.101", "address=10.77.0.1.1"},
                new String[] {"address=10.77.0.101", "address=10.77.0.01"},
                new String[] {"address=10.77.0.101", "address=::1"},
                new String[] {"ssh-host-key=ecdsa-sha2-nistp256 ", "ssh-host-key="},
                new String[] {"ssh-host-key=ecdsa", "ssh-host-key=no one ecdsa"},
                new String[] {"execd-port=22", "execd-port=65536"},
                new String[] {"boot-id=3f1c2a4e", "boot-id=zzzzzzzz"});
        for (String[] replacement : replacements) {
            String text = NodeServletTest.REGISTRATION.replace(replacement[0], replacement[1]);
            assertThrows(replacement[1], QrmException.class, () -> RegistrationForm.read(parse(text), "10.77.0.101"));
        }
    }

    @Test
    public void readsAReport() {
        Report report = ReportForm.read(
                parse(NodeServletTest.REPORT.replace("load=0.12", "load=12.0345") + "error=no mount\n"),
                new NodeCredentials(17, "secret"));
        assertEquals(12.0345, report.load(), 1e-9);
        assertEquals("no mount", report.error());
        assertEquals("secret", report.nodeToken());
    }

    @Test
    public void refusesOddReports() {
        for (String line : List.of("load=1e3", "load=NaN", "load=-1", "load=1.23456", "load=1.", "load=")) {
            String text = NodeServletTest.REPORT.replace("load=0.12", line);
            assertThrows(
                    line, QrmException.class, () -> ReportForm.read(parse(text), new NodeCredentials(17, "secret")));
        }
    }

    @Test
    public void readsTheTimeToHold() {
        assertEquals(Duration.ZERO, ReportForm.hold(null));
        assertEquals(Duration.ofSeconds(30), ReportForm.hold("hold=30"));
        for (String query : List.of("hold=31", "hold=-1", "hold=", "hold=1&hold=2", "wait=3")) {
            assertThrows(query, QrmException.class, () -> ReportForm.hold(query));
        }
    }

    @Test
    public void readsCredentials() {
        assertEquals(new NodeCredentials(17, "a.b"), NodeCredentials.fromHeader("Bearer 17.a.b"));
        for (String header : List.of(
                "",
                "Basic 17.a",
                "Bearer ",
                "Bearer 17",
                "Bearer 17.",
                "Bearer .a",
                "Bearer x.a",
                "Bearer 17.a b",
                "Bearer 17." + "a".repeat(600))) {
            assertThrows(header, QrmException.class, () -> NodeCredentials.fromHeader(header));
        }
        assertThrows(QrmException.class, () -> NodeCredentials.fromHeader(null));
    }

    private static NodeMessage parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return NodeMessage.parse(bytes, bytes.length);
    }
}
