package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class LimitsTest {

    @Test
    public void powerIsAskedForEachMinuteOrAsSetOrNever() {
        for (String unset : Arrays.asList(null, "", " ")) {
            assertEquals(Duration.ofSeconds(60), Limits.power(name -> unset));
        }
        assertEquals(Duration.ofSeconds(10), Limits.power(name -> "10"));
        assertEquals(Duration.ofDays(1), Limits.power(name -> "86400"));
        assertEquals(Duration.ZERO, Limits.power(name -> "0"));
    }

    @Test
    public void refusesWhatIsNoTimeToAskFor() {
        for (String wrong : List.of("9", "86401", "-1", "00", "60s", "6e1", "999999999999")) {
            QrmException refused = assertThrows(wrong, QrmException.class, () -> Limits.power(name -> wrong));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("QRM_POWER_SECONDS"));
        }
    }
}
