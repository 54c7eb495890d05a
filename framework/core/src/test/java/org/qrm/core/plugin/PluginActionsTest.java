package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

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
                List<PluginAction> offered = PluginLifeCycle.actions(state, true, wizard);
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
    public void withoutItsBundleItCanOnlyBeForgotten() {
        for (PluginState state : PluginState.values()) {
            List<PluginAction> expected = state == PluginState.AVAILABLE ? List.of() : List.of(PluginAction.UNINSTALL);
            assertEquals(expected, PluginLifeCycle.actions(state, false, false));
        }
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
