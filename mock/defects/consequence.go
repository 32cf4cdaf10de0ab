package defects

// consequences are what a defect cannot help turning red beside its own requirement.
func consequences(Defect) []Consequence { return nil }
