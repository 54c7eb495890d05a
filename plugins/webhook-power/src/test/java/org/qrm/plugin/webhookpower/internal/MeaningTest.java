package org.qrm.plugin.webhookpower.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.api.power.PowerState.OFF;
import static org.qrm.api.power.PowerState.ON;
import static org.qrm.api.power.PowerState.UNKNOWN;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.Test;
import org.qrm.api.power.PowerState;

public class MeaningTest {

    private record Case(String pointer, String on, String off, String answer, PowerState state) {}

    @Test
    public void understandsWhatDevicesAnswer() {
        List<Case> all = List.of(
                new Case("/state", "on", "off", "{\"state\": \"on\"}", ON),
                new Case("/POWER", "ON", "OFF", "{\"POWER\":\"OFF\"}", OFF),
                new Case("/output", "true", "false", "{\"id\":0,\"output\":true,\"apower\":8.9}", ON),
                new Case("/outlets/3/0", "1", "0", "{\"outlets\":[0,0,0,[1]]}", ON),
                new Case("/a~1b", "1", "0", "{\"a/b\": 0}", OFF),
                new Case("", "status.*:.*running", "status.*:.*stopped", "{\"status\": \"running\"}", ON),
                new Case("", "(?i)^on$", "(?i)^off$", "OFF", OFF),
                new Case("", "(?m)^outlet 3 .*ON", "(?m)^outlet 3 .*OFF", "outlet 2 is OFF\noutlet 3 is ON\n", ON),
                new Case("", "on", "off", "on and off", UNKNOWN),
                new Case("", "on", "off", "standby", UNKNOWN),
                new Case("/state", "on", "off", "{\"state\": \"standby\"}", UNKNOWN));
        for (Case each : all) {
            Meaning.Understood understood = new Meaning(each.pointer(), each.on(), each.off())
                    .of(each.answer().getBytes(StandardCharsets.UTF_8));
            assertEquals(each + " " + understood, each.state(), understood.state());
        }
    }

    @Test(timeout = 60_000)
    public void givesUpExpressionsThatTakeTooLong() {
        for (String expression : List.of("(.*a){12}b", "^(a|aa)*(b?)\\2c", "(.*)*\\1c")) {
            long started = System.nanoTime();
            Meaning.Understood understood = understood(expression, "a".repeat(60) + "!");
            long took = Duration.ofNanos(System.nanoTime() - started).toSeconds();
            assertEquals("saysOn and saysOff take too long to be looked for in its answer", understood.said());
            assertEquals(expression, UNKNOWN, understood.state());
            assertTrue(took + " s", took < 10);
        }
    }

    @Test(timeout = 60_000)
    public void givesUpExpressionsThatTakeTooMuchStack() {
        assertEquals(UNKNOWN, understood("^(a|b)*c", "a".repeat(500_000) + "c").state());
    }

    private static Meaning.Understood understood(String on, String answer) {
        return new Meaning("", on, "off").of(answer.getBytes(StandardCharsets.UTF_8));
    }
}
