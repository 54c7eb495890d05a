package org.qrm.core.lifecycle;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class LifeCycleTest {

    enum Light {
        RED,
        GREEN,
        OUT_OF_ORDER
    }

    private final LifeCycle<Light> table =
            new LifeCycle<>("light", Light.class).from(Light.RED, Light.GREEN).from(Light.GREEN, Light.OUT_OF_ORDER);

    @Test
    public void allowsWhatTheTableHasAndWhatStays() {
        assertTrue(table.allows(Light.RED, Light.GREEN));
        assertTrue(table.allows(Light.RED, Light.RED));
        assertFalse(table.allows(Light.GREEN, Light.RED));
        assertFalse(table.allows(Light.OUT_OF_ORDER, Light.RED));
    }

    @Test
    public void whatIsRefusedNamesTheThingAndBothStates() {
        QrmException refused =
                assertThrows(QrmException.class, () -> table.check("crossing", Light.OUT_OF_ORDER, Light.RED));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertEquals("crossing", refused.problem().subject());
        assertEquals(
                "it is out-of-order, from which it cannot become red",
                refused.problem().reason());
    }

    @Test
    public void linesOfOneStateAddUp() {
        table.from(Light.RED, Light.OUT_OF_ORDER);
        assertTrue(table.allows(Light.RED, Light.GREEN));
        assertTrue(table.allows(Light.RED, Light.OUT_OF_ORDER));
    }
}
