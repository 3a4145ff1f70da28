-- Simulated data never looks real: marks the sections that quote it. The innermost of level 1 or 2 is marked.

local writer = require("writer")

local sections = {} -- every heading in order
local front = { simulated = false } -- what stands before the first heading
local current = front

local simulated = {}

function simulated.quoted(result)
  if result.origin == "simulated" then
    current.simulated = true
  end
end

function simulated.enter(level)
  local section = { simulated = false }
  sections[#sections + 1] = section
  -- A quote below a deeper heading belongs to the section of level 1 or 2 around it.
  if level <= 2 then
    current = section
  end
end

function simulated.in_front()
  return front.simulated
end

function simulated.mark(blocks, note)
  local index = 0
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    out:insert(block)
    if block.t == "Header" then
      index = index + 1
      if sections[index].simulated then
        out:insert(writer.simulated_section(pandoc.Inlines(note)))
      end
    end
  end
  return out
end

return simulated
