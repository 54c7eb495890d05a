package org.qrm.core.subscription;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class TargetTest {

    @Test
    public void takesHttpsAndOnThisHostHttp() {
        for (String target : List.of(
                "https://chat.example.org/hooks/a?b=c",
                "HTTPS://10.0.0.7:8443",
                "https://[2001:db8::1]/",
                "http://localhost:9000/x",
                "http://127.0.0.1/",
                "http://127.3.2.1:80",
                "http://[::1]:8080/")) {
            assertEquals(target, Target.checked("create", target).toString());
        }
    }

    @Test
    public void saysWhatIsWrongWithOthers() {
        Map.ofEntries(
                        Map.entry("", "no URL"),
                        Map.entry("chat", "https://"),
                        Map.entry("ftp://a/b", "https://"),
                        Map.entry("file:///etc/passwd", "no URL"),
                        Map.entry("https:///x", "no URL"),
                        Map.entry("https:a", "https://"),
                        Map.entry("https://a b", "printed"),
                        Map.entry("https://a/\r\nX: y", "printed"),
                        Map.entry("https://bücher.example", "printed"),
                        Map.entry("https://a_b.example/", "no URL"),
                        Map.entry("https://a:0/", "port"),
                        Map.entry("https://a:65536/", "port"),
                        Map.entry("https://a/#b", "fragment"),
                        Map.entry("http://chat.example.org/", "plain HTTP"),
                        Map.entry("http://127.0.0.1.example.org/", "plain HTTP"),
                        Map.entry("http://localhost.example.org/", "plain HTTP"),
                        Map.entry("https://a/" + "x".repeat(2000), "2000"))
                .forEach((target, why) -> {
                    QrmException refused =
                            assertThrows(target, QrmException.class, () -> Target.checked("create", target));
                    assertEquals(Problem.Kind.INVALID, refused.problem().kind());
                    assertTrue(refused.getMessage(), refused.getMessage().contains(why));
                    assertFalse(refused.problem().remedy().isEmpty());
                });
    }

    @Test
    public void doesNotRepeatCredentials() {
        QrmException refused = assertThrows(
                QrmException.class, () -> Target.checked("create", "https://user:hunter2@chat.example.org/"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("credentials"));
        assertFalse(refused.getMessage(), refused.getMessage().contains("hunter2"));
    }
}
