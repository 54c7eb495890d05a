package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginState;

public class PluginActionsTest {

    /** What is offered is allowed; what is not offered is refused, or would change nothing. */
    @Test
    public void offersWhatLeadsSomewhereAndNothingElse() {
        for (PluginState state : PluginState.values()) {
            for (boolean wizard : new boolean[] {true, false}) {
                List<PluginAction> offered = PluginLifeCycle.actions(state, true, wizard, true);
                assertFalse("something leads on from " + state, offered.isEmpty());
                for (PluginAction action : PluginAction.values()) {
                    String what = action + " in " + state + (wizard ? " with" : " without") + " a wizard";
                    boolean done = PluginLifeCycle.isDone(action, state);
                    boolean useful = allowed(action, state, wizard) && (!done || action == PluginAction.INSTALL);
                    assertEquals(what, useful, offered.contains(action));
                }
            }
        }
    }

    @Test
    public void withoutItsBundleOnlyWhatLeftNothingCanBeForgotten() {
        for (PluginState state : PluginState.values()) {
            assertEquals(List.of(), PluginLifeCycle.actions(state, false, false, true));
        }
        assertEquals(
                List.of(PluginAction.UNINSTALL), PluginLifeCycle.actions(PluginState.CONFIGURED, false, false, false));
        assertTrue(PluginLifeCycle.actions(PluginState.AVAILABLE, false, false, false)
                .isEmpty());
    }

    private static boolean allowed(PluginAction action, PluginState state, boolean wizard) {
        try {
            PluginLifeCycle.check("xen", action, state, wizard);
            return true;
        } catch (QrmException refused) {
            return false;
        }
    }
}
