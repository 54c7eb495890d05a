package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import java.util.Map;
import org.junit.Test;

public class FilterTest {

    enum Field implements ListField {
        NAME(Use.sorts()),
        CPUS(Use.both(Integer.class, "only with so many")),
        TEXT(Use.narrows(String.class, "only with this in it"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    @Test
    public void letsThroughWhatAllItsFieldsLetThrough() {
        Filter<Field> filter = Filter.by(Field.CPUS, 4).and(Field.TEXT, "a");
        assertEquals(Map.of(Field.CPUS, 4, Field.TEXT, "a"), filter.wanted());
        assertEquals(4, filter.get(Field.CPUS));
    }

    @Test
    public void nothingLetsAllThrough() {
        assertEquals(Filter.all(), Filter.by(Field.CPUS, null));
        assertNull(Filter.<Field>all().get(Field.CPUS));
    }

    @Test
    public void isNotChangedByWhatIsMadeOfIt() {
        Filter<Field> filter = Filter.by(Field.CPUS, 4);
        filter.and(Field.TEXT, "a");
        assertEquals(Map.of(Field.CPUS, 4), filter.wanted());
    }

    @Test
    public void comparesNoFieldThatNarrowsNothing() {
        assertThrows(IllegalArgumentException.class, () -> Filter.by(Field.NAME, "a"));
        assertThrows(IllegalArgumentException.class, () -> Filter.by(Field.NAME, null));
    }

    @Test
    public void comparesWithTheFieldsTypeOnly() {
        assertThrows(IllegalArgumentException.class, () -> Filter.by(Field.CPUS, "4"));
        assertThrows(IllegalArgumentException.class, () -> Filter.by(Field.CPUS, 4L));
    }
}
