// The tab of a simulated host: what still fits, and its partitions.
import { partitionsTab } from '/console/partitions.js';

export const { applies, render } = partitionsTab('simulator');
