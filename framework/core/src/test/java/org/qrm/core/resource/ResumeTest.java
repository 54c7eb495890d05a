package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;

public class ResumeTest extends DiskSite {

    @Before
    public void open() throws Exception {
        open(CoreFixture.QUICK);
    }

    @Test
    public void aMachineThatBootedItsDiskIsSaidToBeUnheardOf() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals(
                "not heard of, it may run from its disk; it comes back at its next boot from the network",
                resource().reason());
    }

    @Test
    public void aMachineWhosePowerIsControlledIsSwitchedOffAndOn() throws Exception {
        Power power = new Power();
        core.controllers.add(power);
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals(List.of("cycle " + id), power.done);
        assertEquals(
                "its power was switched off and on; it comes back when it boots from the network",
                resource().reason());
    }

    @Test
    public void aMachineThatIsThereIsIdleWithoutBeingTouched() throws Exception {
        Power power = new Power();
        core.controllers.add(power);
        act(ResourceAction.MAINTENANCE);
        act(ResourceAction.RESUME);
        assertEquals(ResourceState.IDLE, resource().state());
        assertEquals(List.of(), power.done);
    }

    @Test
    public void whoOnlyWakesIsNotAskedForMore() throws Exception {
        Power waking = new Power(EnumSet.of(PowerAbility.ON));
        core.controllers.add(waking);
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals(List.of(), waking.done);
        assertEquals(PowerState.UNKNOWN, core.machinePower.of(id));
        act(ResourceAction.POWER_ON);
        assertEquals(List.of("on " + id), waking.done);
        Power board = new Power();
        core.controllers.add(board);
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals("who can is asked", List.of("cycle " + id), board.done);
    }

    private static final class Power implements PowerController {
        final List<String> done = new ArrayList<>();
        private final Set<PowerAbility> abilities;

        Power() {
            this(EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE));
        }

        Power(Set<PowerAbility> abilities) {
            this.abilities = abilities;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return abilities;
        }

        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            done.add("on " + resource.id());
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            done.add("off " + resource.id());
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            done.add("cycle " + resource.id());
        }
    }
}
